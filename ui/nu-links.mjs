import { chromium } from 'playwright-core'
const base='http://127.0.0.1:18177'
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox']})
for(const a of process.argv.slice(2)){const c=await b.newContext({viewport:{width:1440,height:900}});await c.request.post(base+'/api/session',{data:{login:a,password:'Demo-2026-water'},headers:{Origin:base}});const p=await c.newPage();await p.goto(base+'/',{waitUntil:'networkidle'});console.log(a,p.url(),await p.$$eval('nav a',x=>x.map(y=>y.getAttribute('href')+' '+y.textContent.trim())));await p.goto(base+'/inspections',{waitUntil:'networkidle'});console.log(await p.$$eval('main a',x=>x.map(y=>y.getAttribute('href')+' '+y.textContent.trim())).catch(()=>[]))}
await b.close()
