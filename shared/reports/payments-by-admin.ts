import { z } from 'zod';
import { condition } from '../catalogue/condition.ts';
import { defineReport } from '../catalogue/define-report.ts';
import { admin } from '../tables/admin.ts';
import { payment } from '../tables/payment.ts';

/**
 * The payments that a department's admins handled. The first stage reads the admins; the second reads, by their ids,
 * the payments from another service.
 */
export const paymentsByAdmin = defineReport({
  id: 'payments-by-admin',
  version: 1,
  title: { en: 'Payments by admin', 'zh-TW': '管理員付款報表', 'zh-CN': '管理员付款报表' },
  conditions: z.object({
    departmentIds: condition(z.array(z.int().positive()).min(1).max(1000), {
      title: { en: 'Departments', 'zh-TW': '部門', 'zh-CN': '部门' },
    }),
    status: condition(z.enum(['PENDING', 'PAID', 'FAILED', 'REFUNDED']), {
      title: { en: 'Status', 'zh-TW': '狀態', 'zh-CN': '状态' },
      options: [
        { value: 'PENDING', title: { en: 'Pending', 'zh-TW': '待處理', 'zh-CN': '待处理' } },
        { value: 'PAID', title: { en: 'Paid', 'zh-TW': '已付款', 'zh-CN': '已付款' } },
        { value: 'FAILED', title: { en: 'Failed', 'zh-TW': '失敗', 'zh-CN': '失败' } },
        { value: 'REFUNDED', title: { en: 'Refunded', 'zh-TW': '已退款', 'zh-CN': '已退款' } },
      ],
    }).optional(),
  }),
  example: { departmentIds: [1, 2, 3] },
  allowed: { roles: ['finance'], departments: ['3'] },
  stages: [
    {
      admins: {
        table: admin,
        query: (rows, { departmentIds }) =>
          rows.select('id', 'name', 'department_id').whereIn('department_id', departmentIds),
      },
    },
    {
      payments: {
        table: payment,
        keys: { where: 'admin_id', in: 'SELECT id FROM admins' },
        query: (rows, { status }) => {
          const chosen = rows.select('order_no', 'admin_id', 'amount', 'method', 'status', 'remark', 'pay_time');
          return status === undefined ? chosen : chosen.where('status', status);
        },
      },
    },
  ],
  join: `
    SELECT p.*, a.name AS admin_name, a.department_id
    FROM payments p JOIN admins a ON a.id = p.admin_id
    ORDER BY p.admin_id, p.order_no`,
  columns: {
    admin_id: { en: 'Admin', 'zh-TW': '管理員', 'zh-CN': '管理员' },
    admin_name: { en: 'Admin name', 'zh-TW': '管理員姓名', 'zh-CN': '管理员姓名' },
    department_id: { en: 'Department', 'zh-TW': '部門', 'zh-CN': '部门' },
    order_no: { en: 'Order', 'zh-TW': '訂單號', 'zh-CN': '订单号' },
    amount: { en: 'Amount', 'zh-TW': '金額', 'zh-CN': '金额' },
    method: { en: 'Method', 'zh-TW': '付款方式', 'zh-CN': '付款方式' },
    status: { en: 'Status', 'zh-TW': '狀態', 'zh-CN': '状态' },
    remark: { en: 'Remark', 'zh-TW': '備註', 'zh-CN': '备注' },
    pay_time: { en: 'Paid at', 'zh-TW': '付款時間', 'zh-CN': '付款时间' },
  },
});
